/// What an edit proposes, before it is proven.
struct EditPlan {
    /// The change of bytes; empty when all is so already.
    let splices: [Splice]
    /// What it means for the values.
    let changes: [ValueChange]
    /// The paths that a later edit must not touch before this one is made.
    let touched: [FieldPath]
}
