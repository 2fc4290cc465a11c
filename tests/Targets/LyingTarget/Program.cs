using System.Globalization;
using System.Runtime.InteropServices;
using Observatory.LyingTarget;

using var asked = new ManualResetEventSlim();
using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    asked.Set();
});
if (args is not [string lie, .. string[] amounts]) throw new ArgumentException("which lie?");
int amount = amounts is [string text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1;

// The collector attaches when it reads this, and the lies begin when it listens.
Console.WriteLine("lying");
while (!Lies.IsHeard && !asked.IsSet) asked.Wait(10);
Lies.Tell(lie, amount, asked);
Console.WriteLine("told");
// Quiet, but for the beats that let the observer know that nothing is missing.
while (!asked.Wait(200)) Lies.Beat();
