namespace Observatory.Study;

/// <summary>A text is not the results of a study. The message is one sentence that says what is wrong with it.</summary>
public sealed class ResultsFormatException(string message) : FormatException(message);
