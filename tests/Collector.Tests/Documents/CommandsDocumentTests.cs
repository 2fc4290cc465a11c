using Observatory.Tests.Shared;

namespace Observatory.Collector.Tests;

public sealed class CommandsDocumentTests
{
    [Fact]
    public void Docs_have_every_command_and_option_of_the_collector() => CommandsDocument.Check(
        "observatory", Commands.Create([], _ => Task.FromResult(0), _ => 0, _ => 0));
}
