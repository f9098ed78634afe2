// Fills a cart, changes a line, reads it and empties it again. A write must be read at once in its Region.
import { check, customer, journey } from './store.mjs';

export const handler = journey(import.meta.url, async (store) => {
    const cart = `/carts/${customer()}`;
    const product = await store.product();
    const line = `${cart}/items/${encodeURIComponent(product.id)}`;
    try {
        const added = await store.call('POST', `${cart}/items`, { expect: [201], body: { itemId: product.id, quantity: 2 } });
        check(added.json.quantity === 2, `2 were put into the cart, which has ${added.json.quantity}`);
        await store.call('PUT', line, { expect: [200, 202], body: { quantity: 3 } });
        const { json } = await store.call('GET', cart);
        check(json.items.length === 1 && json.items[0].quantity === 3, `the cart should have 3 of one product: ${JSON.stringify(json)}`);
    } finally {
        await store.call('DELETE', cart, { expect: [202] });
    }
    const { json } = await store.call('GET', cart);
    check(json.items.length === 0, 'the cart is not empty after it was emptied');
});
