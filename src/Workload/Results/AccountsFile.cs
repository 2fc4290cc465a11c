using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

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
