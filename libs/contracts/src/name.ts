// The product's name, in one place, so that it can change in one place.

/** As people read it. */
export const PRODUCT = 'Sluice';
/** As headers, schema namespaces and client ids carry it. */
export const PRODUCT_SLUG = 'sluice';
