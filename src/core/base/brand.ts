declare const brand: unique symbol;

/** A `T` that was checked to be a `Name`: only the parser in the file of that word makes one. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
