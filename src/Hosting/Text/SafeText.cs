using System.Globalization;
using System.Text;

namespace Observatory.Hosting;

/// <summary>
/// Makes text from outside harmless. Names of processes and threads, operations and types of a target, paths and messages
/// are chosen by others, some of them by users with fewer rights than ours: such a text must not move the cursor of a
/// terminal, begin a line of a log, reverse the direction of what follows it, or fill a page.
/// </summary>
/// <remarks>Every way in goes through here once, as early as the text is read, so that no way out has to.</remarks>
public static class SafeText
{
    /// <summary>The longest name of a process, thread, type or operation that is shown; longer ones are cut.</summary>
    public const int LongestName = 120;

    /// <summary>The longest line that is written to a log or a terminal.</summary>
    public const int LongestLine = 2000;

    private const char Replacement = '?';
    private const string Cut = "...";

    /// <summary>A name, on one line and of bounded length.</summary>
    public static string Name(string? text) => Clean(text, LongestName);

    /// <summary>A message, on one line and of bounded length; line ends become spaces.</summary>
    public static string Line(string? text) => Clean(text?.ReplaceLineEndings(" "), LongestLine);

    /// <summary>The text without what a terminal or a parser would act on, cut to a length.</summary>
    /// <param name="text">Anything; null is empty.</param>
    /// <param name="longest">Characters that are kept at most, counting the mark of the cut.</param>
    public static string Clean(string? text, int longest)
    {
        if (text is null) return "";
        bool fits = text.Length <= longest;
        // Nearly every text is harmless, and this is asked for every event that carries a name.
        if (fits && IsHarmless(text)) return text;
        var clean = new StringBuilder(Math.Min(text.Length, longest));
        int end = fits ? text.Length : longest - Cut.Length;
        for (int i = 0; i < end; i++)
        {
            // A pair is kept whole or not at all.
            if (i + 1 < end && char.IsSurrogatePair(text, i))
            {
                clean.Append(IsHarmful(CharUnicodeInfo.GetUnicodeCategory(text, i)) ? "?" : text.AsSpan(i, 2));
                i++;
            }
            else
            {
                clean.Append(IsHarmful(text[i]) ? Replacement : text[i]);
            }
        }

        return fits ? clean.ToString() : clean.Append(Cut).ToString();
    }

    private static bool IsHarmless(string text)
    {
        foreach (char character in text)
        {
            if (character is < ' ' or > '~') return text.All(each => !IsHarmful(each));
        }

        return true;
    }

    private static bool IsHarmful(char character) => IsHarmful(CharUnicodeInfo.GetUnicodeCategory(character));

    // Format characters reverse or hide what stands around them; half a surrogate pair is not valid in any encoding.
    private static bool IsHarmful(UnicodeCategory category) => category
        is UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse;
}
