try {
  exports.found = typeof require("fs").readFileSync;
} catch {
  exports.found = "does without files";
}
