using Observatory.WebApi;

// A small web API as it might stand anywhere: nothing in it knows of an observer.
//
//   dotnet run -c Release --project examples/WebApi                                  serves on http://127.0.0.1:8080
//   observatory attach --name Observatory.WebApi                                     says where the time of its requests goes
//   dotnet run -c Release --project examples/WebApi -- load http://127.0.0.1:8080    asks for all of it, until Ctrl+C
//
// In this order: the load is a process of the same name, between which --name does not choose (--pid does).
return args switch
{
    ["load", var url] => await Load.RunAsync(new Uri(url)),
    ["health"] => await Shop.IsWellAsync() ? 0 : 1,
    [] => await Shop.ServeAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Observatory.WebApi [load URL | health]; the environment variable WEBAPI_LISTEN is the address to serve on");
    return 2;
}
