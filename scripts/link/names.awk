# A function's name without what changes from build to build.
function lasting(name) {
    sub(/17h[0-9a-f]+E/, "17hE", name)
    sub(/\.llvm\.[0-9]+$/, "", name)
    gsub(/Cs[0-9A-Za-z]+_/, "C_", name)
    return name
}
