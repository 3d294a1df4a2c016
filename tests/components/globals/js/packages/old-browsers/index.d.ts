declare function oldBrowsers(): string;
export = oldBrowsers;
