using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Results files on disk.</summary>
internal static class ResultsFile
{
    /// <summary>What the file says.</summary>
    /// <exception cref="UsageException">It cannot be read, is not a results file, or has no samples.</exception>
    public static StudyFindings Find(string path) => Use(path, results => StudyFindings.From(results));

    /// <summary>What is in the file.</summary>
    /// <exception cref="UsageException">It cannot be read, or is not a results file.</exception>
    public static StudyResults Read(string path) => Use(path, results => results);

    private static T Use<T>(string path, Func<StudyResults, T> use)
    {
        string text = "";
        Guard(path, "read", () => text = File.ReadAllText(path));
        try
        {
            return use(StudyResultsReader.Read(text));
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
        if (path.Length == 0) throw new UsageException("The path of a file is empty; give a file.");
        try
        {
            action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be {what}: {problem.Message} Give another file.");
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{path}' is not a path; give another file.");
        }
    }
}

/// <summary>Accounts that the collector wrote about a run.</summary>
internal static class AccountsFile
{
    /// <summary>The findings with what the accounts add.</summary>
    /// <exception cref="UsageException">The file cannot be read, or holds no accounts of this run.</exception>
    public static StudyFindings Join(StudyFindings findings, string path)
    {
        IReadOnlyList<AccountLine> accounts = [];
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
