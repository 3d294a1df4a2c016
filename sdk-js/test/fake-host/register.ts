// Preloaded by the test run: `airssys:package/interface@version` becomes the fake of that interface beside this file.

import { register } from "node:module";

register("./resolve.js", import.meta.url);
