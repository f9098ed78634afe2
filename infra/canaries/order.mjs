// Orders one product, tries again with the same key, waits until SQL has decided, and cancels, which gives the stock back.
import { ADDRESS, check, customer, journey } from './store.mjs';
import { randomUUID } from 'node:crypto';

export const handler = journey(import.meta.url, async (store) => {
    const product = await store.product();
    const request = {
        expect: [200, 202],
        headers: { 'idempotency-key': randomUUID(), 'x-customer-id': customer() },
        body: { items: [{ productId: product.id, quantity: 1 }], shippingAddress: { ...ADDRESS, zipCode: '06001' } },
    };
    const { json: order } = await store.call('POST', '/orders', request);
    try {
        const again = await store.call('POST', '/orders', request);
        check(again.json.id === order.id, `one key made two orders, ${order.id} and ${again.json.id}`);
    } finally {
        const decided = await store.decided(order.id);
        check(decided.status === 'CONFIRMED', `order ${order.id} is ${decided.status}: ${decided.reason}`);
        const cancelled = await store.call('POST', `/orders/${order.id}/cancel`);
        check(cancelled.json.status === 'CANCELLED', `order ${order.id} is ${cancelled.json.status} after it was cancelled`);
    }
});
