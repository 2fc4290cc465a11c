FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV NUGET_PACKAGES=/packages

# What decides about packages comes first: as long as none of it changes, the restore is not repeated.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt ./
COPY examples/WebApi/WebApi.csproj examples/WebApi/packages.lock.json examples/WebApi/
RUN --mount=type=cache,id=observatory-nuget,target=/packages \
    dotnet restore examples/WebApi --locked-mode

COPY .editorconfig ./
COPY examples/WebApi examples/WebApi
RUN --mount=type=cache,id=observatory-nuget,target=/packages \
    dotnet publish examples/WebApi --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
# Inside the container on every interface; compose.yaml decides who can reach it.
ENV WEBAPI_LISTEN=http://*:8080
EXPOSE 8080
# Without diagnostics, so that nothing that looks for a process of this name takes the probe for it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s \
    CMD ["env", "DOTNET_EnableDiagnostics=0", "/app/Observatory.WebApi", "health"]
ENTRYPOINT ["/app/Observatory.WebApi"]
