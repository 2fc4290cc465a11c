namespace Observatory.Workload;

/// <summary>A value as it was written.</summary>
/// <param name="Name">The spelling of the place it was written in, for messages: <c>WORKLOAD_BATCHES</c>.</param>
/// <param name="Text">The value.</param>
internal readonly record struct Setting(string Name, string Text);
