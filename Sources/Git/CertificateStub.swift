// libgit2's start parses the system's whole bundle of TLS certificates through mbedTLS: 50
// of the 62 million instructions of its start, measured on Debian 12. docvc never opens a
// network connection. The dynamic linker finds these definitions in the executable before
// mbedTLS's own; they load no certificate, so that a TLS connection, were one ever made,
// would trust nobody.

/// Stands for mbedTLS's function of this name; loads nothing and reports success.
@_cdecl("mbedtls_x509_crt_parse_file")
public func loadNoCertificateFile(_ chain: OpaquePointer?, _ path: OpaquePointer?) -> Int32 { 0 }

/// Stands for mbedTLS's function of this name; loads nothing and reports success.
@_cdecl("mbedtls_x509_crt_parse_path")
public func loadNoCertificateFolder(_ chain: OpaquePointer?, _ path: OpaquePointer?) -> Int32 { 0 }
