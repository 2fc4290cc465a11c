using Observatory.WebTarget;

// serve [--truth FILE] [--spans FILE [--own-source]]      a server on free ports of loopback; it says which, and ends with SIGTERM
// load URL [--requests N] [--seconds S] [--at-once N] [--rate N] [--http2] WHAT...      requests for it, as Load explains
return args switch
{
    ["serve", .. var how] => await Server.RunAsync(Arguments.Parse(how)),
    ["load", var url, .. var how] => await Load.RunAsync(new Uri(url), Arguments.Parse(how)),
    _ => Arguments.Usage(),
};
