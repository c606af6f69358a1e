package import SystemPackage

/// Where the project's files are, found from this file.
package enum Project {
    /// The top of the checkout.
    package static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// Real documents, which are beside the checkout where they are given at all.
    package static let documents = root.removingLastComponent().appending("shared/data/documents")
}
