namespace Observatory.Workload;

/// <summary>
/// What an operation costs, by formula, in operations and in elements. Sizes may be absurd here, so all is 128 bits wide
/// and checked.
/// </summary>
internal interface IOperationFormula
{
    /// <summary>What options, labels and results call it.</summary>
    string Name { get; }

    /// <summary>
    /// Floating point operations of the matrix products, a multiply and an add counted as two. Functions of single
    /// elements (GELU, softmax) are left out, as is usual.
    /// </summary>
    /// <exception cref="OverflowException">128 bits do not count them.</exception>
    Int128 Operations(StudyPoint point);

    /// <summary>Elements of the input without weights.</summary>
    Int128 InputElements(StudyPoint point);

    /// <summary>Most elements of tensors that exist at once.</summary>
    Int128 PeakElements(StudyPoint point);

    /// <summary>Elements that one iteration touches, each counted once.</summary>
    Int128 TouchedElements(StudyPoint point);

    /// <summary>
    /// Elements that move between memory and CPU at least when no cache holds a tensor between two operators: each
    /// operator reads its inputs once and writes its output once.
    /// </summary>
    Int128 MovedElements(StudyPoint point);
}
