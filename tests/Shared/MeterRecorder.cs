using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Observatory.Tests.Shared;

/// <summary>Hears of every instrument of a meter, and of the labels of every measurement.</summary>
internal sealed class MeterRecorder : IDisposable
{
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();
    private readonly ConcurrentDictionary<(string Instrument, string Label), bool> _labels = new();
    private readonly MeterListener _listener = new();

    public MeterRecorder(string meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != meter) return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>(Hear);
        _listener.SetMeasurementEventCallback<long>(Hear);
        _listener.SetMeasurementEventCallback<double>(Hear);
        _listener.Start();
    }

    /// <summary>Asks the observable ones, and says what was heard of all.</summary>
    public IReadOnlyList<MetricRow> Rows()
    {
        _listener.RecordObservableInstruments();
        return [.. _instruments.Values.Select(instrument => MetricRow.Of(
            instrument, _labels.Keys.Where(heard => heard.Instrument == instrument.Name).Select(heard => heard.Label)))];
    }

    public void Dispose() => _listener.Dispose();

    private void Hear<T>(Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (KeyValuePair<string, object?> tag in tags) _labels[(instrument.Name, tag.Key)] = true;
    }
}
