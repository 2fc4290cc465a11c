using CsCheck;
using Observatory.Hosting;

namespace Observatory.Collector.Tests;

/// <summary>What requests are called: short, harmless and few, whatever clients send.</summary>
public sealed class UnitNameTests
{
    // What a client may put into a request line, and what it may not but a target may say all the same.
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char['!', '~'], 0, 300],
        Gen.OneOfConst("/", "//", "/../../etc/passwd", "/%00%1b[31m", "/\u001b]0;x\u0007", "/\u202eevil", "/a\0b", "*", "?", "/?a=/b", "/\ud800"),
        Gen.Select(Gen.Int[0, 3000], length => "/" + new string('a', length)),
        Gen.Select(Gen.Int[0, 300], parts => string.Concat(Enumerable.Repeat("/x", parts))));

    [Theory]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "", "GET /")]
    [InlineData("GET", "/orders", "GET /orders")]
    [InlineData("GET", "/orders/", "GET /orders")]
    [InlineData("GET", "//orders///open", "GET /orders/open")]
    [InlineData("GET", "/orders/17", "GET /orders/{}")]
    [InlineData("GET", "/orders/17/lines/3", "GET /orders/{}/lines/{}")]
    [InlineData("GET", "/orders/17?x=1", "GET /orders/{}")]
    [InlineData("DELETE", "/users/6f9619ff-8b86-d011-b42d-00c04fc964ff", "DELETE /users/{}")]
    [InlineData("GET", "/blob/deadbeef01", "GET /blob/{}")]
    [InlineData("GET", "/static/app.3f2a9c81.js", "GET /static/{}")]
    [InlineData("GET", "/t/eyJhbGciOiJIUzI1NiJ9", "GET /t/{}")]
    [InlineData("GET", "/a/averyveryverylongsegmentthatnobodywouldcallaroute", "GET /a/{}")]
    [InlineData("GET", "/name/J%C3%BCrgen", "GET /name/{}")]
    [InlineData("GET", "/api/v1/oauth2/authorize", "GET /api/v1/oauth2/authorize")]
    [InlineData("GET", "/dashboard", "GET /dashboard")]
    [InlineData("GET", "/facade", "GET /facade")]
    [InlineData("POST", "/greet.Greeter/SayHello", "POST /greet.Greeter/SayHello")]
    [InlineData("POST", "/greet.v1.Greeter/SayHello", "POST /greet.v1.Greeter/SayHello")]
    [InlineData("POST", "/google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion", "POST /google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion")]
    [InlineData("GET", "/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln", "GET /t/{}")]
    [InlineData("GET", "/static/a.b1c2d3ef.js", "GET /static/{}")]
    [InlineData("OPTIONS", "*", "OPTIONS *")]
    [InlineData("BREW", "/pot", "_OTHER /pot")]
    [InlineData("GET", "/a/b/c/d/e/f/g/h/i/j/k/l", "GET /a/b/c/d/e/f/g/h/i/j/**")]
    public void A_path_is_a_route_without_its_values(string method, string path, string expected) =>
        Assert.Equal(expected, UnitPath.NameOf(method, path));

    [Fact]
    public void Whatever_a_client_sends_a_name_is_short_and_harmless() => Gen.Select(Hostile, Hostile).Sample((method, path) =>
    {
        string name = UnitPath.NameOf(method, path);
        Assert.InRange(name.Length, 1, UnitPath.LongestName);
        Assert.Equal(name, SafeText.Name(name));
        Assert.All(name, character => Assert.InRange(character, ' ', '~'));
    }, iter: 3000);

    [Fact]
    public void A_name_is_its_own_template() => Hostile.Sample(path =>
    {
        string name = UnitPath.NameOf("GET", path);
        if (name.EndsWith("/**", StringComparison.Ordinal)) return;
        Assert.Equal(name, UnitPath.NameOf("GET", name["GET ".Length..].Replace(UnitPath.Value, "17", StringComparison.Ordinal)));
    }, iter: 1000);

    [Fact]
    public void Whatever_comes_there_are_no_more_names_than_places() => Gen.Select(Gen.Int[2, 20], Hostile.Array[0, 400]).Sample((most, paths) =>
    {
        var names = new UnitNames([], most);
        foreach (string path in paths)
        {
            int index = names.IndexOf("GET", path);
            Assert.InRange(index, 0, most - 1);
            Assert.Equal(index == UnitNames.OtherIndex ? UnitNames.Other : UnitPath.NameOf("GET", path), names.NameOf(index));
        }

        Assert.InRange(names.Count, 1, most);
    }, iter: 300);

    [Fact]
    public void A_name_keeps_its_index() => Hostile.Array[0, 300].Sample(paths =>
    {
        var names = new UnitNames([], 50);
        int[] first = [.. paths.Select(path => names.IndexOf("GET", path))];
        for (int i = 0; i < paths.Length; i++)
        {
            if (first[i] != UnitNames.OtherIndex) Assert.Equal(first[i], names.IndexOf("GET", paths[i]));
        }
    }, iter: 300);

    [Fact]
    public void A_flood_of_names_that_come_once_leaves_room_for_one_that_comes_often()
    {
        var names = new UnitNames([]);
        for (int i = 0; i < 50_000; i++)
        {
            names.IndexOf("GET", $"/{Word(i)}");
            if (i % 20 == 0) names.IndexOf("GET", "/orders");
        }

        Assert.NotEqual(UnitNames.OtherIndex, names.IndexOf("GET", "/orders"));
        Assert.Equal("GET /orders", names.NameOf(names.IndexOf("GET", "/orders")));
        Assert.InRange(names.Count, 100, 110);
    }

    [Fact]
    public void What_the_user_calls_requests_wins_and_the_first_rule_that_matches_counts()
    {
        var names = new UnitNames([UnitNameRule.Parse("^GET /orders/[0-9]+$=one order"), UnitNameRule.Parse("^GET /(a=b|orders)=orders")]);
        Assert.Equal("one order", names.NameOf(names.IndexOf("GET", "/orders/17")));
        Assert.Equal("orders", names.NameOf(names.IndexOf("GET", "/orders/open")));
        Assert.Equal("orders", names.NameOf(names.IndexOf("GET", "/a=b")));
        Assert.Equal("POST /orders/{}", names.NameOf(names.IndexOf("POST", "/orders/17")));
        Assert.Equal(4, names.Count);
    }

    [Fact]
    public void A_pattern_that_would_take_for_ever_elsewhere_takes_no_time() =>
        Assert.False(UnitNameRule.Parse("^(a+)+$=x").IsMatch(new string('a', 1_000) + "!"));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("=x")]
    [InlineData("x=")]
    [InlineData("x= ")]
    [InlineData("([a=x")]
    [InlineData("(?=a)a=x")]
    [InlineData("(a)\\1=x")]
    public void A_rule_that_cannot_be_used_is_refused_in_one_line(string text)
    {
        string message = Assert.Throws<UsageException>(() => UnitNameRule.Parse(text)).Message;
        Assert.StartsWith("--unit-name", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>A word without digits, another one for each number.</summary>
    private static string Word(int number) => string.Concat($"{number}".Select(digit => (char)('a' + digit - '0')));
}
