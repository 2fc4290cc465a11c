using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Results files on disk.</summary>
internal static class ResultsFile
{
    /// <summary>An hour of measuring must not end in a folder that is not there.</summary>
    /// <exception cref="UsageException">Nothing can be written there.</exception>
    public static void RequireWritable(string path)
    {
        string before = Partial(path);
        Guard(path, "written", () =>
        {
            if (Directory.Exists(path)) throw new IOException("it is a folder");
            File.WriteAllText(before, "");
            File.Delete(before);
        });
    }

    /// <summary>Writes the file whole: one that is there already is replaced only by a complete one.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void Write(string path, StudyResults results) => WriteText(path, StudyResultsWriter.Write(results));

    /// <summary>Writes a file whole.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void WriteText(string path, string text) => Guard(path, "written", () =>
    {
        File.WriteAllText(Partial(path), text);
        File.Move(Partial(path), path, overwrite: true);
    });

    /// <summary>What the file says.</summary>
    /// <exception cref="UsageException">It cannot be read, is not a results file, or has no samples.</exception>
    public static StudyFindings Find(string path)
    {
        string text = "";
        Guard(path, "read", () => text = File.ReadAllText(path));
        try
        {
            return StudyFindings.Of(StudyResultsReader.Read(text));
        }
        catch (ResultsFormatException problem)
        {
            throw new UsageException($"'{path}' cannot be used: {problem.Message}; give a file of sweep --results.");
        }
    }

    /// <summary>Does something with a file, and says what to do when the system refuses.</summary>
    /// <exception cref="UsageException">It cannot be done.</exception>
    public static void Guard(string path, string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"'{path}' cannot be {what}: {problem.Message} Give another file.");
        }
    }

    private static string Partial(string path) => path + ".partial";
}

/// <summary>Accounts that the collector wrote about a run.</summary>
internal static class AccountsFile
{
    /// <summary>The findings with what the accounts add.</summary>
    /// <exception cref="UsageException">The file cannot be read, or holds no accounts of this run.</exception>
    public static StudyFindings Join(StudyFindings findings, string path)
    {
        IReadOnlyList<IterationAccount> accounts = [];
        try
        {
            ResultsFile.Guard(path, "read", () => accounts = AccountsReader.Read(File.ReadLines(path)));
            return findings.With(accounts);
        }
        catch (ResultsFormatException problem)
        {
            throw new UsageException(
                $"'{path}' cannot be used: {problem.Message}; give what the collector's --accounts wrote of the same run.");
        }
    }
}
