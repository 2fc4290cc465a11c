namespace Observatory.Kernel;

/// <summary>Translates thread ids of the initial pid namespace, which tracepoints write, into the own one.</summary>
/// <remarks>
/// Nothing in a container tells the one from the other, except a waking sample: it names its waker in both. A thread
/// is therefore known once it has woken another, or an interrupt has done so in its name. Ids are one to one at any
/// instant; a newer pair replaces older ones that share either id.
/// </remarks>
internal sealed class ThreadIdMap(bool isInitialNamespace)
{
    public const int Unknown = 0;

    private readonly Dictionary<int, int> _ownByInitial = [];
    private readonly Dictionary<int, int> _initialByOwn = [];

    /// <param name="initialId">A thread's id in the initial namespace.</param>
    /// <param name="ownId">The same thread's in the own one; 0 when it is outside, -1 when it is exiting.</param>
    public void Learn(int initialId, int ownId)
    {
        if (isInitialNamespace) return;
        if (_ownByInitial.TryGetValue(initialId, out int known))
        {
            if (known == ownId) return;
            _initialByOwn.Remove(known);
            _ownByInitial.Remove(initialId);
        }

        if (ownId <= 0) return;
        if (_initialByOwn.TryGetValue(ownId, out int stale)) _ownByInitial.Remove(stale);
        _ownByInitial[initialId] = ownId;
        _initialByOwn[ownId] = initialId;
    }

    /// <returns>The id in the own namespace, or <see cref="Unknown"/>.</returns>
    public int Translate(int initialId) =>
        isInitialNamespace ? initialId : _ownByInitial.GetValueOrDefault(initialId, Unknown);
}
