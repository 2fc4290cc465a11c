namespace Observatory.Study;

/// <summary>A table of text; the first columns name a row and are aligned to the left.</summary>
/// <param name="Names">How many columns name a row.</param>
/// <param name="Heads">Heads of all columns.</param>
/// <param name="Rows">As many cells each as there are heads.</param>
internal sealed record Table(int Names, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows);
