import Commands

@main
enum Docvc {
    static func main() {
        CommandLineTool.main()
    }
}
