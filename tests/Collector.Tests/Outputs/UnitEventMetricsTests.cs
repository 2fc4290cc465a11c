using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Series of what happens to requests: bounded, whatever waits for what.</summary>
public sealed class UnitEventMetricsTests : IDisposable
{
    private readonly Dictionary<(string Unit, string Holder), double> _waited = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly UnitEventMetrics _metrics;

    public UnitEventMetricsTests()
    {
        _metrics = new UnitEventMetrics(_services.GetRequiredService<IMeterFactory>());
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "observatory.unit.lock_wait" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, labels, _) =>
        {
            (string, string) series = ((string)labels[0].Value!, (string)labels[1].Value!);
            _waited[series] = _waited.GetValueOrDefault(series) + seconds;
        });
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Two_hundred_names_that_wait_for_each_other_have_a_bounded_number_of_series_and_lose_no_time()
    {
        for (int round = 0; round < 3; round++)
        {
            for (int waits = 1; waits < UnitNames.Most; waits++)
            {
                for (int holds = 1; holds < UnitNames.Most; holds++) Wait(waits, holds);
            }
        }

        Assert.InRange(_waited.Count, UnitEventMetrics.MostPairs / 2, UnitEventMetrics.MostPairs + UnitNames.Most);
        Assert.Equal(3 * (UnitNames.Most - 1) * (UnitNames.Most - 1), _waited.Values.Sum(), 3);
        Assert.Equal(UnitNames.Most - 1, _waited.Keys.Count(series => series.Holder == UnitNames.Other));
    }

    [Fact]
    public void A_pair_that_comes_late_and_often_has_a_series_of_its_own()
    {
        for (int holds = 1; holds <= UnitEventMetrics.MostPairs; holds++) Wait(1, holds);
        for (int time = 0; time < 100; time++) Wait(2, 1);
        Assert.InRange(_waited[("2", "1")], 50, 100);
        Assert.Equal(100, _waited[("2", "1")] + _waited[("2", UnitNames.Other)]);
    }

    [Fact]
    public void A_holder_that_works_for_no_request_is_none()
    {
        _metrics.Contended(new LockWait(7, 8, new Timestamp(1), Second) { Request = new RequestName(1, "1") });
        Assert.Equal(1, _waited[("1", "none")]);
    }

    private static Duration Second => new(1_000_000_000);

    private void Wait(int waits, int holds) => _metrics.Contended(new LockWait(7, 8, new Timestamp(1), Second)
    {
        Request = new RequestName(waits, $"{waits}"),
        Holder = new RequestName(holds, $"{holds}"),
    });
}
