FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV NUGET_PACKAGES=/packages

# What decides about packages comes first: as long as none of it changes, the restore is not repeated.
# BuildWorkload=false: the workload, and libtorch with it, is another image.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt ./
COPY src/Contract/Contract.csproj src/Contract/packages.lock.json src/Contract/
COPY src/Hosting/Hosting.csproj src/Hosting/packages.lock.json src/Hosting/
COPY src/Kernel/Kernel.csproj src/Kernel/packages.lock.json src/Kernel/
COPY src/Timeline/Timeline.csproj src/Timeline/packages.lock.json src/Timeline/
COPY src/Recorder/Recorder.csproj src/Recorder/packages.lock.json src/Recorder/
COPY src/Soak/Soak.csproj src/Soak/packages.lock.json src/Soak/
COPY src/Collector/Collector.csproj src/Collector/packages.lock.json src/Collector/
COPY src/Collector/CompileAhead.targets src/Collector/
RUN --mount=type=cache,id=observatory-nuget,target=/packages \
    dotnet restore src/Collector --locked-mode -p:BuildWorkload=false

COPY .editorconfig ./
COPY src/Contract src/Contract
COPY src/Hosting src/Hosting
COPY src/Kernel src/Kernel
COPY src/Timeline src/Timeline
COPY src/Recorder src/Recorder
COPY src/Soak src/Soak
COPY src/Collector src/Collector
RUN --mount=type=cache,id=observatory-nuget,target=/packages \
    dotnet publish src/Collector --configuration Release --no-restore --output /app -p:BuildWorkload=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# A new volume takes over the mode of the folder that it is mounted on: open, as the user depends on compose.yaml.
RUN install --directory --mode 1777 /traces
# No USER: capabilities that are added to a container reach root only. compose.yaml takes away all but a few.
EXPOSE 9465
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s \
    CMD ["env", "DOTNET_EnableDiagnostics=0", "/app/Observatory.Collector", "health"]
ENTRYPOINT ["/app/Observatory.Collector"]
# Without a command: what a container with these rights could see.
CMD ["doctor"]
