const fs = require("fs");
module.exports = () => `the browser field, and ${Object.keys(fs).length} of fs, in ${process.env.NODE_ENV}`;
