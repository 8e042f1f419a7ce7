// What the pages do besides showing; each module does its part where a page has what it needs.

import "./files.js";
import "./jobs.js";
import "./problems.js";
