package dev.meridian.startup;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

/// The state of a CDI request context, in the native executable. Quarkus changes it by a `VarHandle` of a byte, which
/// native
/// images call by reflection: twice for each request, at the price of some thirty objects.
@TargetClass(className = "io.quarkus.arc.impl.CurrentManagedContext$CurrentContextState")
final class NativeContextState {
    @Alias
    private volatile byte state;

    private NativeContextState() {}

    /// Sets a flag.
    ///
    /// @return whether it was not set before
    @Substitute
    private synchronized boolean set(byte flag) {
        if ((state & flag) != 0) return false;
        state |= flag;
        return true;
    }
}
