// Declared changes of front-matter schemas: plan, apply, revert. Nothing lives here yet; the
// target holds its place in the arrows, so that nothing below it can come to need it.
