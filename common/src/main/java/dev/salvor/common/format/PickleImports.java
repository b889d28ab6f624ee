package dev.salvor.common.format;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Which imports of a pickle are torch's own, which are dangerous, and which are merely to be
/// reported. Block lists keep losing: a name that is not on any list is reported, never trusted.
final class PickleImports {
  /// torch's weights_only defaults (torch/_weights_only_unpickler.py), functions and classes.
  private static final Set<String> ALLOWED =
      Set.of(
          "collections.OrderedDict",
          "collections.Counter",
          "torch.nn.parameter.Parameter",
          "torch.serialization._get_layout",
          "torch.Size",
          "torch.Tensor",
          "torch.device",
          "_codecs.encode",
          "builtins.bytearray",
          "builtins.set",
          "builtins.complex",
          "torch.storage.TypedStorage",
          "torch.storage.UntypedStorage",
          "torch._tensor._rebuild_from_type_v2",
          "torch.per_tensor_affine",
          "torch.per_tensor_symmetric",
          "torch.per_channel_affine",
          "torch.per_channel_symmetric",
          "torch.per_channel_affine_float_qparams");

  private static final Pattern ALLOWED_SHAPES =
      Pattern.compile(
          "torch\\._utils\\._rebuild_(parameter|parameter_with_state|qtensor|tensor|tensor_v2"
              + "|tensor_v3|sparse_tensor|meta_tensor_no_storage|wrapper_subclass"
              + "|device_tensor_from_numpy|device_tensor_from_cpu_tensor)"
              + "|torch\\.(cuda\\.|sparse\\.|cuda\\.sparse\\.)?[A-Z][A-Za-z0-9]*(Tensor|Storage)"
              + "|torch\\.(float|double|half|bfloat|int|uint|long|short|complex|cfloat|cdouble|bool"
              + "|qint|quint|bits|float4|float8)[0-9a-z_]*");

  /// Packages that run, load or reach out; everything below them too.
  private static final Set<String> BLOCKED =
      Set.of(
          ("os posix nt ntpath posixpath sys subprocess socket socketserver ssl shutil runpy pickle"
               + " _pickle pip pty pdb bdb ctypes _ctypes asyncio multiprocessing threading _thread"
               + " concurrent commands popen2 code codeop importlib imp marshal cProfile profile"
               + " trace timeit idlelib lib2to3 distutils ensurepip pydoc doctest _aix_support"
               + " _osx_support _pyrepl cloudpickle dill webbrowser requests aiohttp urllib urllib2"
               + " urllib3 http httplib ftplib smtplib poplib imaplib telnetlib xmlrpc tempfile"
               + " platform linecache zipimport venv site sysconfig pkgutil _interpreters"
               + " _xxsubinterpreters signal inspect ast gc antigravity turtle tkinter sqlite3 mmap"
               + " faulthandler unittest test pathlib2 jsonpickle shelve numpy.f2py numpy.distutils"
               + " numpy.testing torch.hub torch.utils.bottleneck torch.utils.collect_env"
               + " torch.utils._config_module torch.utils.cpp_extension torch.utils.data.datapipes"
               + " torch._dynamo torch._inductor torch.fx.experimental"
               + " torch.jit.unsupported_tensor_ops torch.multiprocessing torch.distributed.rpc"
               + " torch.package joblib unknown")
              .split(" "));

  private static final List<Pattern> BLOCKED_NAMES =
      List.of(
          Pattern.compile(
              "builtins\\.(eval|exec|execfile|compile|getattr|setattr|delattr|open|apply|breakpoint"
                  + "|__import__|input|globals|locals|vars|file|map|filter|memoryview|help)(\\..*)?"),
          Pattern.compile("_?operator\\.(attrgetter|itemgetter|methodcaller)"),
          Pattern.compile("_?functools\\.(partial|partialmethod|reduce|singledispatch.*)"),
          Pattern.compile("torch\\.(serialization\\.)?(load|save)(\\..*)?"),
          Pattern.compile("torch\\.jit\\.(load|script|_script.*)"),
          Pattern.compile("types\\.(FunctionType|CodeType|LambdaType|MethodType)"),
          Pattern.compile("_?io\\.(FileIO|open|open_code|OpenWrapper|TextIOWrapper)"),
          Pattern.compile("logging\\.(.*Handler|config.*|handlers.*|basicConfig)"),
          Pattern.compile("uuid\\._.*"),
          Pattern.compile("numpy\\.(load|loads|save|fromfile|memmap|lib\\.npyio\\..*)"),
          Pattern.compile(
              ".*\\.__(globals|builtins|subclasses|code|dict|import|class|mro|base)__.*"));

  private PickleImports() {}

  /// Python 2's module names as Python 3 has them.
  static String modern(String module) {
    return switch (module) {
      case "__builtin__" -> "builtins";
      case "copy_reg" -> "copyreg";
      case "cPickle" -> "pickle";
      default -> module;
    };
  }

  static boolean isAllowed(String name) {
    return ALLOWED.contains(name) || ALLOWED_SHAPES.matcher(name).matches();
  }

  static boolean isDangerous(String name) {
    if (isAllowed(name)) {
      return false;
    }
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      if (BLOCKED.contains(name.substring(0, dot))) {
        return true;
      }
    }
    return BLOCKED_NAMES.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
