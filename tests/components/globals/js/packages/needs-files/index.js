module.exports = require("fs").readFileSync;
