namespace Observatory.Workload;

/// <summary>What is needed of an ELF section header.</summary>
/// <param name="Type"><c>sh_type</c>.</param>
/// <param name="Offset">Where the section starts in the file, in bytes.</param>
/// <param name="Link">Index of the section that holds its names.</param>
internal readonly record struct ElfSection(uint Type, int Offset, int Link);
