using System.Runtime.InteropServices;
using Observatory.FaultTarget;

// Commands, a line each, on standard input; each is answered by a line of JSON on standard output.
//   plant NAME [ARGUMENT]   a fault, in place of the one that is there
//   clear                   takes it away
//   helpers N               threads that compute beside the driving one
//   stats                   what the units took since the last time this was asked
// It ends with its input. With arguments, which are commands too, it does them and goes on until it is told to end.
using var pulse = new Pulse();
using var units = new Units();
foreach (string command in args) Console.WriteLine(Commands.Run(units, command.Split(' ')));
if (args.Length > 0)
{
    using var end = new ManualResetEvent(false);
    using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, told =>
    {
        told.Cancel = true;
        end.Set();
    });
    end.WaitOne(TimeSpan.FromMinutes(10));
    return;
}

while (Console.ReadLine() is { } line) Console.WriteLine(Commands.Run(units, line.Split(' ')));
