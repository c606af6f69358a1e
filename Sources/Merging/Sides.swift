/// One of the three texts of a merge.
public enum MergeSide: String, Sendable, Hashable, CaseIterable {
    /// What both sides began with.
    case base
    /// The side that is merged into.
    case ours
    /// The side that is merged.
    case theirs

    /// The other one of ours and theirs; of the base, the base.
    var opposite: MergeSide {
        switch self {
        case .base: .base
        case .ours: .theirs
        case .theirs: .ours
        }
    }
}

/// Something that each of the three texts has.
struct Sides<Value> {
    var base: Value
    var ours: Value
    var theirs: Value

    init(base: Value, ours: Value, theirs: Value) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
    }

    subscript(side: MergeSide) -> Value {
        get {
            switch side {
            case .base: base
            case .ours: ours
            case .theirs: theirs
            }
        }
        set {
            switch side {
            case .base: base = newValue
            case .ours: ours = newValue
            case .theirs: theirs = newValue
            }
        }
    }

    /// Ours for theirs, and theirs for ours.
    var swapped: Sides { Sides(base: base, ours: theirs, theirs: ours) }

    func map<Other>(_ transform: (Value) -> Other) -> Sides<Other> {
        Sides<Other>(base: transform(base), ours: transform(ours), theirs: transform(theirs))
    }
}

extension Sides: Sendable where Value: Sendable {}

extension Sides where Value: Equatable {
    /// The side that has the merged value where three values leave no doubt: the one that
    /// changed, or ours when both changed alike; `nil` when both changed, differently.
    var winner: MergeSide? {
        if ours == theirs { return .ours }
        if theirs == base { return .ours }
        if ours == base { return .theirs }
        return nil
    }
}
