using Observatory.Tests.Shared;

namespace Observatory.Workload.Tests;

public sealed class CommandsDocumentTests
{
    [Fact]
    public void Docs_have_every_command_and_option_of_the_workload() => CommandsDocument.Check(
        "workload", Commands.Create(_ => Task.CompletedTask));
}
