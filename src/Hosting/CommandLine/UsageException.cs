namespace Observatory.Hosting;

/// <summary>
/// Something only the user can put right. The message is one line that names the remedy; the process prints it and
/// ends with <see cref="ExitCodes.WrongUsage"/>, without a stack trace.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
