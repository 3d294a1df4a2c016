export declare const found: string;
