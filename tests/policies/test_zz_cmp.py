import importlib.util, time
from tests.support.mutation import detect
spec = importlib.util.spec_from_file_location("oldmut", "/tmp/speed/mutation_old.py")
import sys
old = importlib.util.module_from_spec(spec); sys.modules["oldmut"]=old; spec.loader.exec_module(old)
def test_same(to_mutate):
    t=time.process_time(); a=detect(to_mutate); t1=time.process_time(); b=old.detect(to_mutate); t2=time.process_time()
    print("T %.1f %.1f"%(t1-t,t2-t1))
    assert vars(a)==vars(b)
    assert a.undetected == []
