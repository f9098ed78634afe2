package dev.meridian.startup;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

/// Makes allocation cheaper in the native executable. With `-Os` every allocation is a call, and in GraalVM 25
/// each such call computes the sizes of the heap anew from its options
/// ([docs/adr/0008](../../../../../../docs/adr/0008-native-build.md)). Here it computes them once. A change of
/// an option still computes them.
final class NativeHeap {
    private NativeHeap() {}

    @TargetClass(className = "com.oracle.svm.core.genscavenge.ThreadLocalAllocation")
    static final class Allocation {
        private Allocation() {}

        @Substitute
        private static void runSlowPathHooks() {
            Collector.getPolicy().ensureSizeParametersInitialized();
        }
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.GCImpl")
    static final class Collector {
        private Collector() {}

        @Alias
        static native Policy getPolicy();
    }

    @TargetClass(className = "com.oracle.svm.core.genscavenge.CollectionPolicy")
    interface Policy {
        @Alias
        void ensureSizeParametersInitialized();
    }
}
