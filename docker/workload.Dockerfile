FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV NUGET_PACKAGES=/packages

# What decides about packages comes first: as long as none of it changes, the restore is not repeated.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt ./
COPY src/Contract/Contract.csproj src/Contract/packages.lock.json src/Contract/
COPY src/Hosting/Hosting.csproj src/Hosting/packages.lock.json src/Hosting/
COPY src/Kernel/Kernel.csproj src/Kernel/packages.lock.json src/Kernel/
COPY src/Study/Study.csproj src/Study/packages.lock.json src/Study/
COPY src/Workload/Workload.csproj src/Workload/packages.lock.json src/Workload/
RUN --mount=type=cache,id=observatory-nuget,target=/packages \
    dotnet restore src/Workload --locked-mode

COPY .editorconfig ./
COPY src/Contract src/Contract
COPY src/Hosting src/Hosting
COPY src/Kernel src/Kernel
COPY src/Study src/Study
COPY src/Workload src/Workload
RUN --mount=type=cache,id=observatory-nuget,target=/packages \
    dotnet publish src/Workload --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# A new volume takes over the owner of the folder that it is mounted on.
RUN install --directory --owner "$APP_UID" /results
USER $APP_UID
# Inside the container on every interface; compose.yaml decides who can reach it.
ENV WORKLOAD_LISTEN=0.0.0.0 \
    WORKLOAD_PORT=9464
EXPOSE 9464
# Only at the start is the answer urgent: a probe costs CPU time beside the computation that is being measured. Without
# diagnostics, so that nobody who looks for a process of this name takes the probe for it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --start-interval=2s \
    CMD ["env", "DOTNET_EnableDiagnostics=0", "/app/Observatory.Workload", "health"]
ENTRYPOINT ["/app/Observatory.Workload"]
CMD ["sweep"]
