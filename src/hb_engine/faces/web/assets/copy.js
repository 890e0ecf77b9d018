// Colours change at once, without loading the page anew; without this script the form does the same.
"use strict";
