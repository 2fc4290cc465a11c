using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Observatory.Hosting.Tests;

/// <summary>The variables of OpenTelemetry, those for metrics alone included, against a real receiver.</summary>
public sealed class OtlpPushTests
{
    private const string Meter = "observatory.push";

    [Fact]
    public async Task Headers_for_metrics_alone_arrive()
    {
        ConcurrentQueue<IHeaderDictionary> received = [];
        await using WebApplication receiver = await ReceiveAsync(received, certificate: null);

        await PushAsync(
            new()
            {
                ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = receiver.Urls.First() + "/own/path",
                ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "api-key=secret,tenant=a",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=general",
            },
            _ => { });

        IHeaderDictionary headers = Assert.Single(received);
        Assert.Equal("secret", headers["api-key"]);
        Assert.Equal("a", headers["tenant"]);
        Assert.Equal("/own/path", headers["x-path"]);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE")]
    public async Task The_certificate_that_is_named_is_trusted(string variable)
    {
        using X509Certificate2 certificate = SelfSigned();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
            ConcurrentQueue<IHeaderDictionary> received = [];
            await using WebApplication receiver = await ReceiveAsync(received, certificate);
            Dictionary<string, string?> variables = new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Urls.First().Replace("127.0.0.1", "localhost"),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            };
            ConcurrentQueue<string> log = [];

            await PushAsync(variables, log.Enqueue);
            Assert.Empty(received);
            Assert.Single(log);

            variables[variable] = file;
            await PushAsync(variables, _ => { });
            Assert.Single(received);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "10s")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "secret")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", "/nonexistent.pem")]
    [InlineData("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/nonexistent.pem")]
    public void A_value_that_cannot_be_meant_is_refused(string name, string value)
    {
        var variables = new OpenTelemetryVariables(
            new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4318", [name] = value });

        UsageException refused = Assert.Throws<UsageException>(() => OtlpPush.IsAsked(variables));

        Assert.StartsWith($"{name} is '{value}'; it has to be ", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Pushes one measurement, at the latest when the program ends.</summary>
    private static async Task PushAsync(Dictionary<string, string?> variables, Action<string> log)
    {
        await using WebApplication program = MetricsServer.Build(
            "service", endpoint: null, log, metrics => metrics.AddMeter(Meter), health: null, new OpenTelemetryVariables(variables));
        program.Services.GetRequiredService<IMeterFactory>().Create(Meter).CreateCounter<long>("units").Add(1);
    }

    private static async Task<WebApplication> ReceiveAsync(
        ConcurrentQueue<IHeaderDictionary> received, X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), listen =>
            {
                if (certificate is not null) listen.UseHttps(certificate);
            }));
        WebApplication receiver = builder.Build();
        receiver.Run(async context =>
        {
            context.Request.Headers["x-path"] = context.Request.Path.Value;
            received.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await receiver.StartAsync();
        return receiver;
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
