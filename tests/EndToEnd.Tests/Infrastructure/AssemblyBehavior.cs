using Xunit.Sdk;
using Xunit.v3;

// Every collection starts real processes that want the machine for themselves.
[assembly: Parallelization(Mode = ParallelMode.None)]
