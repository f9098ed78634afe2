// Looks through the shelves: a page of the list, one product, a search that finds it, the tags.
import { check, journey } from './store.mjs';

export const handler = journey(import.meta.url, async (store) => {
    const product = await store.product();
    const { json } = await store.call('GET', `/catalog/products/${encodeURIComponent(product.id)}`);
    check(json.name === product.name, `product ${product.id} is called ${json.name} and in the list ${product.name}`);
    const found = await store.call('GET', `/catalog/search?keyword=${encodeURIComponent(product.name)}`);
    check(found.json.some((p) => p.id === product.id), `the search for "${product.name}" does not find it`);
    const tags = await store.call('GET', '/catalog/tags');
    check(tags.json.length > 0, 'there are no tags');
});
