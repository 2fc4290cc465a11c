using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Receives findings, and each account once it is known what it is of.</summary>
internal interface IFindingsSink : IFindings
{
    /// <summary>An iteration ended.</summary>
    void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
    }

    /// <summary>A request ended.</summary>
    void RequestClosed(RequestName name, in UnitAccount account)
    {
    }
}

/// <summary>What requests have in common that are shown as one.</summary>
/// <param name="Index">Its number among the names.</param>
/// <param name="Text">For example <c>GET /orders/{}</c>.</param>
internal readonly record struct RequestName(int Index, string Text);

/// <summary>
/// Hands what the timeline finds out to every sink; accounts when their counters and their configuration have come.
/// </summary>
/// <remarks>One sink that fails is left out from then on; the others go on.</remarks>
/// <param name="configurations">What accounts are of.</param>
/// <param name="sinks">Where findings go.</param>
/// <param name="log">Told in one line which sink failed.</param>
/// <param name="names">What requests are called; null where there are none.</param>
/// <param name="counters">Completes accounts of iterations; null where their threads count nothing.</param>
internal sealed class FindingsRouter(
    ConfigurationRegistry configurations,
    IReadOnlyList<IFindingsSink> sinks,
    Action<string>? log = null,
    UnitNames? names = null,
    CounterJoin? counters = null)
    : ITimelineObserver
{
    /// <summary>
    /// Accounts that wait for their configuration: an observer that attaches late learns it within a second, so this
    /// many are never reached by a workload that keeps the contract.
    /// </summary>
    private const int MaximumWaiting = 100_000;

    // By configuration: one that is never declared keeps no other waiting.
    private readonly Dictionary<long, Queue<UnitAccount>> _waiting = [];
    private IFindingsSink[] _sinks = [.. sinks];
    private int _waitingAccounts;
    private int _declared;
    private long _incomplete;
    private volatile Exception? _failure;

    /// <summary>Accounts that could not be published because their configuration was never declared.</summary>
    public long Undeclared { get; private set; }

    /// <summary>Incomplete accounts among those that were published. For any thread to read.</summary>
    public long Incomplete => Volatile.Read(ref _incomplete);

    /// <summary>Why a sink is left out; null while none is.</summary>
    public Exception? Failure => _failure;

    public void IterationClosed(in UnitAccount account)
    {
        if (counters is null)
        {
            Pass(account);
            return;
        }

        counters.Add(account);
        PassCounted(counters);
    }

    private void PassCounted(CounterJoin joined)
    {
        while (joined.TryTake(out UnitAccount account)) Pass(account);
    }

    private void Pass(in UnitAccount account)
    {
        if (configurations.Declared != _declared) PublishDeclared();
        if (configurations.Find(account.Configuration) is { } configuration) Publish(configuration, account);
        else Keep(account);
    }

    public void UnitClosed(in UnitAccount account)
    {
        if (names is null) return;
        var name = new RequestName((int)account.Configuration, names.NameOf(account.Configuration));
        Tell(new Closed<RequestName>(name, account), static (IFindingsSink sink, in Closed<RequestName> closed) => sink.RequestClosed(closed.As, closed.Account));
    }

    public void RunQueueWaited(ReadOnlySpan<Duration> waits) =>
        Tell(waits, static (IFindingsSink sink, in ReadOnlySpan<Duration> found) => sink.RunQueueWaited(found));

    public void Suspended(in Suspension suspension) =>
        Tell(suspension, static (IFindingsSink sink, in Suspension found) => sink.Suspended(found));

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds) =>
        Tell(holds, static (IFindingsSink sink, in ReadOnlySpan<CpuHold> found) => sink.PreemptedBy(found));

    /// <summary>Publishes every account whose configuration is known by now, those of one configuration in order.</summary>
    public void PublishDeclared()
    {
        _declared = configurations.Declared;
        if (_waiting.Count == 0) return;
        foreach (long index in _waiting.Keys.ToArray())
        {
            if (configurations.Find(index) is not { } configuration) continue;
            _waiting.Remove(index, out Queue<UnitAccount>? accounts);
            _waitingAccounts -= accounts!.Count;
            foreach (UnitAccount account in accounts) Publish(configuration, account);
        }
    }

    /// <summary>Gives up on the accounts whose configuration never came. For the end.</summary>
    public void Close()
    {
        counters?.Close();
        if (counters is not null) PassCounted(counters);
        PublishDeclared();
        Undeclared += _waitingAccounts;
        _waitingAccounts = 0;
        _waiting.Clear();
    }

    private void Keep(in UnitAccount account)
    {
        if (!_waiting.TryGetValue(account.Configuration, out Queue<UnitAccount>? accounts))
        {
            // However many are never declared: what is kept for them is bounded.
            if (_waitingAccounts >= MaximumWaiting)
            {
                Undeclared++;
                return;
            }

            _waiting.Add(account.Configuration, accounts = new Queue<UnitAccount>());
        }

        accounts.Enqueue(account);
        if (_waitingAccounts < MaximumWaiting)
        {
            _waitingAccounts++;
            return;
        }

        accounts.Dequeue();
        Undeclared++;
    }

    private void Publish(WorkloadConfiguration configuration, in UnitAccount account)
    {
        if (!account.IsComplete) Volatile.Write(ref _incomplete, _incomplete + 1);
        Tell(
            new Closed<WorkloadConfiguration>(configuration, account),
            static (IFindingsSink sink, in Closed<WorkloadConfiguration> closed) => sink.IterationClosed(closed.As, closed.Account));
    }

    /// <summary>Tells every sink. Nothing is allocated, and an account is not copied.</summary>
    private void Tell<TFound>(scoped in TFound found, Telling<TFound> tell)
        where TFound : allows ref struct
    {
        foreach (IFindingsSink sink in _sinks)
        {
            try
            {
                tell(sink, found);
            }
            catch (Exception failure) when (LeaveOut(sink, failure))
            {
                // Logged; the others go on.
            }
        }
    }

    private bool LeaveOut(IFindingsSink failed, Exception failure)
    {
        _sinks = [.. _sinks.Where(sink => sink != failed)];
        _failure ??= failure;
        log?.Invoke($"{failed.GetType().Name} failed and is left out, the observation goes on: {failure}");
        return true;
    }

    private delegate void Telling<TFound>(IFindingsSink sink, in TFound found)
        where TFound : allows ref struct;

    /// <summary>An account, and what it is shown as.</summary>
    private readonly ref struct Closed<TName>(TName name, in UnitAccount account)
    {
        public readonly TName As = name;
        public readonly ref readonly UnitAccount Account = ref account;
    }
}
