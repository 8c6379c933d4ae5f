// Unpacks the browser that @sparticuz/chromium carries and prints where it is. It goes to the folder that TMPDIR names.
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
