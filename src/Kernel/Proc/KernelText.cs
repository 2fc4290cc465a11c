namespace Observatory.Kernel;

/// <summary>Reads the small text files of /proc, /sys and tracefs, which come and go and may be closed to us.</summary>
internal static class KernelText
{
    public static bool TryRead(string path, out string text)
    {
        try
        {
            text = File.ReadAllText(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            text = "";
            return false;
        }
    }
}
