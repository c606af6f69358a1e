import Testing

@testable import Merging

/// Which lines of a body may be code.
@Suite struct CodeLinesTests {
    /// Each line begins with what it is: `c` for code, `p` for prose.
    @Test(arguments: [
        ["pText", "p", "c    code", "c", "c    code", "pText"],
        ["pText", "p    goes on", "p", "c\tcode"],
        // Items of lists, and what stands in them.
        ["p- item", "p", "p    goes on", "p", "c      code"],
        ["p1. item", "p", "p   goes on", "c  ```", "ccode", "c  ```", "pText"],
        ["p- a", "p  - b", "p", "p    of b", "p", "p  of a", "p", "c      code"],
        ["pText", "p14. is no item", "p", "c    code"],
        ["p14. is one", "p", "p    goes on"],
        ["c-     code", "c", "p  text"],
        ["c- ```", "c  code", "c  ```", "p- item"],
        ["p* * *", "c    code"],
        // Quotes.
        ["p> text", "plazy", "p> text", "p", "ptext"],
        ["c> ```", "c> code", "c>", "c> code", "ptext"],
        ["p> - item", "p>", "c>       code", "p> text"],
        ["p> text", "p>", "c>     code", "c> ~~~", "c> code", "c> ~~~", "p> text"],
        // Fences.
        ["c```sh", "c# code", "c~~~", "c", "ccode", "c````", "p# Heading"],
        ["p``` is `code` ```", "ptext"],
        // Headings end a paragraph.
        ["pText", "p===", "c    code"], ["p# Text", "c    code"],
        // HTML.
        ["c<pre>", "ccode", "c", "ccode", "c</pre>", "ptext"],
        ["c<div class=\"x\">", "ctext", "p", "ptext"],
        ["c<div><pre>", "c", "ccode</PRE>", "ptext"],
        ["c<Tabs", "c  name=\"x\">", "p", "ptext"], ["c</div>"], ["c<x-tag>"],
        ["c<!-- comment", "c", "ccomment -->", "ptext"], ["c<!-- comment -->", "ptext"],
        ["c<span>", "ctext"], ["p<em>Some</em> text", "ptext"], ["p<https://example.com>"],
        ["p<me@example.com>"], ["ptext", "p<em>text</em>"], ["p< 3"],
        // Formulas.
        ["c$$", "ca", "c", "cb", "c$$", "ptext"], ["c$$a$$", "ptext"], ["c$$a", "cb$$", "ptext"],
        ["p$5 and $6", "pcosts $$ a lot"],
    ])
    func tellsCode(_ lines: [String]) {
        let text = Array(lines.map { $0.dropFirst() + "\n" }.joined().utf8)
        let code = CodeLines.code(LineBreaks.lines(in: text, 0..<text.count), of: text)
        #expect(code == lines.map { $0.first == "c" })
    }
}
