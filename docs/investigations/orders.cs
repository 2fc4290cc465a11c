// An iteration that makes garbage, and the same without: for docs/investigations/README.md, "A collection in the middle".
// Each reads 200,000 orders from text and adds them up by customer.
//   dotnet build -c Release docs/investigations/orders.cs -o /tmp/orders
//   dotnet /tmp/orders/Observatory.orders.cs.dll objects    an object and two strings for each order, all kept to the end
//   dotnet /tmp/orders/Observatory.orders.cs.dll reuse      numbers, in one array that every iteration uses again
#:project ../../src/Contract/Contract.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property MayReference=Contract
#:property UseArtifactsOutput=false
#:property NoWarn=RS0030;CA1305;CA1859

using System.Text;
using Observatory.Contract;

bool reuses = args is ["reuse"];
byte[] text = Orders.Text(200_000);
var totals = new long[Orders.Customers];
var configuration = new WorkloadConfiguration(0, reuses ? "orders-reuse" : "orders-objects", 200_000, 1, 1, "text", 1, 0, text.Length);
using var heartbeat = new Timer(_ =>
{
    WorkloadEventSource.Log.Declare(configuration);
    WorkloadEventSource.Log.Beat();
}, null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
WorkloadEventSource.Log.Declare(configuration);
long sum = 0;
while (true)
{
    long iteration = WorkloadEventSource.Log.BeginIteration(configuration.Index);
    sum += reuses ? Orders.AddUpNumbers(text, totals) : Orders.AddUpObjects(text);
    WorkloadEventSource.Log.EndIteration(iteration, configuration.Index);
    if (sum == 42) return;
}

internal static class Orders
{
    public const int Customers = 5_000;

    public static byte[] Text(int orders)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        for (int i = 0; i < orders; i++) text.Append($"{random.Next(Customers)},{random.Next(1, 100_000)}\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>As one writes it first.</summary>
    public static long AddUpObjects(byte[] text)
    {
        var byCustomer = new Dictionary<string, List<Order>>();
        foreach (string line in Encoding.ASCII.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(',');
            var order = new Order(fields[0], long.Parse(fields[1]));
            if (!byCustomer.TryGetValue(order.Customer, out List<Order>? orders)) byCustomer.Add(order.Customer, orders = []);
            orders.Add(order);
        }

        return byCustomer.Values.Max(orders => orders.Sum(order => order.Cents));
    }

    /// <summary>The same answer, and nothing allocated.</summary>
    public static long AddUpNumbers(byte[] text, long[] totals)
    {
        Array.Clear(totals);
        int customer = 0;
        long number = 0;
        foreach (byte letter in text)
        {
            if (letter == ',') (customer, number) = ((int)number, 0);
            else if (letter == '\n') (totals[customer], number) = (totals[customer] + number, 0);
            else number = (number * 10) + (letter - '0');
        }

        return totals.Max();
    }
}

internal sealed record Order(string Customer, long Cents);
